// Shows the answer while the form is being filled in. Without this file the form's button does the same.
(() => {
  const form = document.getElementById("score-form");
  if (!form || !window.DOMParser || !window.fetch) return;
  document.documentElement.classList.add("is-live");
  let running, timer, replacing = false, wholeForm = false;

  const replace = (page, id) => {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.innerHTML = fresh.innerHTML;
  };

  // From a change until its answer stands: what is there meanwhile is out of date.
  const setBusy = (busy) => document.getElementById("answer").setAttribute("aria-busy", busy);

  const update = async () => {
    form.classList.add("is-answering");
    setBusy(true);
    running?.abort();
    const mine = running = new AbortController();
    const address = new URL(form.action);
    address.hash = "";
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    try {
      const response = await fetch(address, { signal: mine.signal });
      if (!response.ok) return form.submit(); // shows what is wrong, with nothing out of date beside it
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const open = [...document.querySelectorAll("details.market[open]")].map((market) => market.id);
      replace(page, "answer");
      if (open.length) document.querySelectorAll("details.market").forEach((market) => { market.open = open.includes(market.id); });
      document.getElementById("answer-status").textContent = page.getElementById("answer-words")?.textContent ?? "";
      if (wholeForm || page.querySelector(".form-errors") || document.querySelector(".form-errors")) replaceForm(page, !wholeForm);
      else page.querySelectorAll("[data-live]").forEach((part) => replace(page, part.id));
      history.replaceState(null, "", response.url);
    } catch (error) {
      if (error.name !== "AbortError") document.documentElement.classList.remove("is-live");
    } finally {
      if (!mine.signal.aborted) setBusy(false);
    }
  };

  // Keeps where the focus is, and what is open unless a new category has answered the questions.
  const replaceForm = (page, keepOpen) => {
    const focus = document.activeElement;
    const caret = focus && isText(focus) ? focus.selectionStart : null;
    const open = [...form.querySelectorAll("details[open]")].map((part) => part.id);
    replacing = true; // taking away the field in focus makes it report a change
    form.innerHTML = page.getElementById("score-form").innerHTML;
    replacing = false;
    wholeForm = false;
    if (keepOpen) open.forEach((id) => { const part = id && document.getElementById(id); if (part) part.open = true; });
    if (focus?.matches("summary") && focus.parentElement.id) {
      document.getElementById(focus.parentElement.id)?.querySelector("summary").focus();
    } else if (focus?.name) {
      const same = [...form.elements].find((field) => field.name === focus.name && (field.type !== "radio" || field.value === focus.value));
      same?.focus();
      if (same && caret !== null) same.setSelectionRange(caret, caret);
    }
  };

  // A page that comes back with mistakes begins at them.
  window.addEventListener("load", () => document.querySelector(".form-errors")?.focus());

  const isText = (field) => field.matches("input:not([type=radio], [type=checkbox])");
  form.addEventListener("change", (event) => {
    if (replacing) return;
    clearTimeout(timer);
    wholeForm ||= event.target.name === "category"; // until it was done, however many changes come in between
    update();
  });
  // Like a conversation: an answer given with the pointer opens the next question that has none.
  form.addEventListener("click", (event) => {
    const asked = event.detail && event.target.closest(".choice")?.closest(".ask");
    if (!asked) return;
    const questions = [...form.querySelectorAll(".ask")];
    const next = questions.slice(questions.indexOf(asked) + 1).find((question) => !question.querySelector("input:checked"));
    asked.open = !next;
    if (!next) return;
    next.open = true;
    next.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("input", (event) => {
    if (!isText(event.target)) return;
    clearTimeout(timer);
    running?.abort();
    setBusy(true);
    timer = setTimeout(update, 600);
  });
})();
