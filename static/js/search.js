// Suggestions while typing. Without this script the search works as plain as any form.
(() => {
  const input = document.querySelector("[data-suggestions]");
  const list = input && document.getElementById(input.getAttribute("list"));
  if (!list) return;
  let timer = 0;
  let newest = 0;

  const suggest = async () => {
    const mine = ++newest;
    const text = input.value.trim();
    if (!text) return list.replaceChildren();
    const address = `${input.dataset.suggestions}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(address).then((response) => (response.ok ? response.json() : null)).catch(() => null);
    if (!answer || mine !== newest) return;
    list.replaceChildren(...answer.suggestions.map((value) => Object.assign(document.createElement("option"), { value })));
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // a word half written in an input method
    clearTimeout(timer);
    timer = setTimeout(suggest, 200);
  });
  input.addEventListener("compositionend", suggest);
})();
