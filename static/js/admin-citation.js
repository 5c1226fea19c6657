/* The two citation buttons of the rich text editor. A citation is one unit: it is replaced or removed, never edited. */
(() => {
  const { React, DraftJS, draftail } = window;

  class CitationSource extends draftail.ModalWorkflowSource {
    getChooserConfig(entity) {
      return {
        url: this.props.entityType.chooserUrls.citationChooser,
        urlParams: { kind: this.props.entityType.type.toLowerCase() },
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    filterEntityData(chosen) {
      return { key: chosen.key, value: chosen.value, label: chosen.label };
    }

    onChosen(chosen) {
      const { editorState, entityType, onComplete } = this.props;
      const content = editorState
        .getCurrentContent()
        .createEntity(entityType.type, "IMMUTABLE", this.filterEntityData(chosen));
      const replaced = DraftJS.Modifier.replaceText(
        content,
        editorState.getSelection(),
        chosen.id,
        null,
        content.getLastCreatedEntityKey(),
      );
      this.workflow.close();
      onComplete(DraftJS.EditorState.push(editorState, replaced, "insert-characters"));
    }
  }

  const Citation = (props) => {
    const { value, label } = props.contentState.getEntity(props.entityKey).getData();
    return React.createElement(
      draftail.TooltipEntity,
      { ...props, icon: React.createElement(window.wagtail.components.Icon, { name: "link" }), label: label || "", url: null },
      React.createElement("span", { className: "citation", "data-value": value || "" }, props.children),
    );
  };

  ["FIGURE", "RULE"].forEach((type) => {
    draftail.registerPlugin({ type, source: CitationSource, decorator: Citation }, "entityTypes");
  });
})();
