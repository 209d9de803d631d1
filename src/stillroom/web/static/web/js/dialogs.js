/* Dialogs: a button with data-opens="id" opens <dialog id>, a button with data-closes closes the one it is in.
   The browser keeps focus inside and gives it back on closing; the field with autofocus takes it first, else the title.
   `dialog:open` tells that a sheet was opened, so that what the person saw then can be noted.
   data-more: it is longer than the glass, and its end has not come into view. */

let sizes;

export function open(dialog) {
  if (dialog.open) return;
  sizes ??= new ResizeObserver((all) => all.forEach(({ target }) => noteMore(target.closest("dialog"))));
  dialog.showModal();
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
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    if (event.target.matches("dialog") && isOutside(event.target, event)) event.target.close();
  });
  root.addEventListener("scroll", ({ target }) => target.matches?.("dialog") && noteMore(target), true);
  root.querySelectorAll("dialog[data-open-now]").forEach(open);
}

function noteMore(dialog) {
  const END_PX = 24; // what is left then is the space above the foot
  dialog.toggleAttribute("data-more", dialog.scrollHeight - dialog.clientHeight - dialog.scrollTop > END_PX);
}

function isOutside(dialog, { clientX, clientY }) {
  if (dialog.querySelector("form[data-touched]")) return false; // a stray tap must not lose what was typed
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}
