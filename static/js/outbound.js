/* The drafting page: numbers its saves, keeps the cursor in an answer, folds the findings on a phone. */
(() => {
  "use strict";

  const editor = () => document.getElementById("editor");

  // A save that a later one has overtaken on the way is recognised by its number.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.closest("#editor") && event.detail.verb === "post") {
      event.detail.parameters.set("seq", String(Date.now()));
    }
    // A file goes up once, with its button, not with every save of the text.
    if (event.detail.elt === editor()) event.detail.parameters.delete("upload");
  });

  document.addEventListener("submit", (event) => {
    if (event.target === editor()) event.target.elements.seq.value = String(Date.now());
  });

  // A save of its own accord must not cut off the answer to a button (add a person, a day): it sends
  // all that was written too. Nothing can be written until it is back, for it brings the form anew.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("#editor button")) editor().inert = true;
  });

  document.addEventListener("htmx:confirm", (event) => {
    if (event.detail.elt === editor() && editor().inert) event.preventDefault();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.elt.matches("button") && editor()) editor().inert = false;
  });

  // The findings change while somebody writes the answer to one of them.
  let writing = null;

  document.addEventListener("htmx:beforeSwap", () => {
    // Where the last button put the cursor: once, not again after every save.
    for (const mark of document.querySelectorAll("#editor [data-focus]")) mark.removeAttribute("data-focus");
    const active = document.activeElement;
    const inPanel = active && active.id && active.closest("#check-body");
    writing = inPanel ? { id: active.id, start: active.selectionStart, end: active.selectionEnd } : null;
  });

  document.addEventListener("htmx:afterSettle", () => {
    const field = writing && document.getElementById(writing.id);
    if (!field || document.activeElement === field) return;
    field.focus({ preventScroll: true });
    if (field.setSelectionRange) field.setSelectionRange(writing.start, writing.end);
    writing = null;
  });

  // On a phone the findings are a bar at the bottom until they are opened.
  const narrow = window.matchMedia("(max-width: 900px)");
  const fold = () => {
    const check = document.getElementById("check");
    if (check) check.open = !narrow.matches;
  };

  narrow.addEventListener("change", fold);
  fold();

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "editor-frame") fold();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#check-body a[href^='#'], #section-rail a");
    const check = document.getElementById("check");
    if (link && narrow.matches && check) check.open = false;
  });
})();
