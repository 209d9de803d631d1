/* Puts what the server drew where it belongs. A fragment is one element with an id: it takes the place of the element
   with that id; if there is none, it goes first into the element that its data-into names. A sheet that somebody has
   open is left alone and renewed when it closes. What was unfolded stays so; focus stays where it was. What was empty and is marked
   data-comes-into-view is scrolled to. */

export function swapAll(fragments) {
  for (const html of fragments) swap(html);
}

export function swap(html) {
  const fresh = typeof html === "string" ? read(html) : html;
  const old = document.getElementById(fresh.id);
  if (old === null) return document.getElementById(fresh.dataset.into)?.prepend(fresh);
  if (old.matches("dialog[open]")) return renewWhenClosed(old, html);
  const focus = focusIn(old);
  keepUnfolded(old, fresh);
  old.replaceWith(fresh);
  if (fresh.matches("[data-comes-into-view]") && !old.childElementCount && fresh.childElementCount) fresh.scrollIntoView();
  if (focus) (fresh.querySelector(focus) ?? fresh.parentNode.querySelector(focus))?.focus({ preventScroll: true });
}

function read(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

function renewWhenClosed(dialog, html) {
  if (!dialog.renewal) dialog.addEventListener("close", () => swap(dialog.renewal), { once: true });
  dialog.renewal = html;
}

function keepUnfolded(old, fresh) {
  for (const { id } of old.querySelectorAll("details[id][open]")) {
    fresh.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  }
}

/* How to find the same control again in what comes in its place. */
function focusIn(element) {
  const active = document.activeElement;
  if (!active || !element.contains(active)) return null;
  const form = active.closest("form[data-act]");
  if (active.id) return `#${CSS.escape(active.id)}`;
  if (active.dataset.opens) return `[data-opens="${active.dataset.opens}"]`;
  if (form && active.value) return `form[data-act="${form.dataset.act}"] [value="${CSS.escape(active.value)}"]`;
  return form ? `form[data-act="${form.dataset.act}"] button` : null;
}
