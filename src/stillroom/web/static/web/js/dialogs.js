/* Dialogs: a button with data-opens="id" opens <dialog id>, a button with data-closes closes the one it is in.
   The browser keeps focus inside and gives it back on closing; the field with autofocus takes it first, else the title.
   `dialog:open` tells that a sheet was opened, so that what the person saw then can be noted.
   One in which something was typed (data-touched) is left by its own buttons alone: by a tap beside it, by Escape or by the
   way back of a phone it stays, and data-typed says how to leave it.
   data-more: it is longer than the glass, and its end has not come into view. */

let sizes;

export function open(dialog) {
  if (dialog.open) return;
  sizes ??= new ResizeObserver((all) => all.forEach(({ target }) => noteMore(target.closest("dialog"))));
  dialog.showModal();
  dialog.querySelector("[data-typed]")?.setAttribute("hidden", "");
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("h2"))?.focus();
  for (const each of [dialog, dialog.querySelector(".dialog-body")]) if (each) sizes.observe(each);
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
}

export function listen(root = document) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault(); // without scripts the same button asks for the sheet as a page
      open(document.getElementById(opener.dataset.opens));
    }
    if (event.target.closest("[data-closes]")) leave(event.target.closest("dialog"));
    if (event.target.matches("dialog") && isOutside(event.target, event) && !stays(event.target)) event.target.close();
  });
  root.addEventListener("cancel", (event) => {
    if (event.target.matches("dialog") && stays(event.target)) event.preventDefault();
  }, true);
  root.addEventListener("close", (event) => {
    if (!event.target.matches("dialog") || !stays(event.target)) return;
    event.stopImmediatePropagation(); // asked a second time, a browser closes it whatever `cancel` was answered
    event.target.showModal();
  }, true);
  root.addEventListener("scroll", ({ target }) => target.matches?.("dialog") && noteMore(target), true);
  root.querySelectorAll("dialog[data-open-now]").forEach(open);
}

function noteMore(dialog) {
  const END_PX = 24; // what is left then is the space above the foot
  dialog.toggleAttribute("data-more", dialog.scrollHeight - dialog.clientHeight - dialog.scrollTop > END_PX);
}

function leave(dialog) {
  dialog.querySelectorAll("form[data-touched]").forEach((form) => form.removeAttribute("data-touched"));
  dialog.close();
}

/* A stray tap or key must not lose what was typed. */
function stays(dialog) {
  const isTyped = dialog.querySelector("form[data-touched]") !== null, word = dialog.querySelector("[data-typed]");
  if (word) word.hidden = !isTyped;
  return isTyped;
}

function isOutside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
