/* Puts what the server drew where it belongs. A fragment is one element with an id: it takes the place of the element
   with that id; if there is none, it goes first into the element that its data-into names. A sheet that somebody has
   open is left alone and renewed when it closes. What was unfolded and what was being typed stay so; focus stays where it was. What was empty and is marked
   data-comes-into-view is scrolled to. */

export function swapAll(fragments) {
  for (const html of fragments) swap(html);
}

export function swap(html) {
  const fresh = typeof html === "string" ? read(html) : html;
  const old = document.getElementById(fresh.id);
  if (old === null) return document.getElementById(fresh.dataset.into)?.prepend(fresh);
  if (old.matches("dialog[open]")) return renewWhenClosed(old, html);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  keepUnfolded(old, fresh);
  const again = focused && twinOf(focused, old, fresh);
  if (!fresh.matches("dialog")) keepTyped(old, fresh);
  keepPressed(old, fresh);
  old.replaceWith(fresh);
  if (fresh.matches("[data-comes-into-view]") && !old.childElementCount && fresh.childElementCount) fresh.scrollIntoView();
  (focused?.isConnected ? focused : again ?? movedFrom(focused))?.focus({ preventScroll: true });
}

/* What a stop pressed on this screen asks for stays until the room's own panel takes its place. */
function keepPressed(old, fresh) {
  const asked = old.querySelector("[data-stop-here]:not([hidden])");
  if (asked && !fresh.querySelector("[data-clamp-asked]")) fresh.querySelector("[data-stop-here]")?.replaceWith(asked);
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

/* The same control in what comes in its place, or none: a focus that lands on a neighbour gives the wrong medicine. */
function twinOf(control, old, fresh) {
  const mark = markOf(control);
  const alike = (part) => [...part.querySelectorAll(control.tagName)].filter((each) => markOf(each) === mark);
  const before = alike(old), after = alike(fresh);
  return before.length === after.length ? after[before.indexOf(control)] : null;
}

/* What a control does, not how it looks at the moment. */
function markOf(control) {
  if (control.id) return control.id;
  if (control.dataset.opens) return control.dataset.opens;
  const isButton = control.matches("button");
  return [control.form?.getAttribute("action"), control.name, isButton || control.matches("[type=radio]") ? control.value : "",
    control.getAttribute("href"), isButton ? control.textContent.trim() : ""].join();
}

/* What opens a sheet may stand in another part now. */
function movedFrom(control) {
  return control?.dataset.opens ? document.querySelector(`[data-opens="${control.dataset.opens}"]`) : null;
}

/* Until it has been sent: then whoever sent it says that it is typed no more (acts.js). */
function keepTyped(old, fresh) {
  for (const field of old.querySelectorAll("input[id], textarea[id]")) {
    if (field.value === field.defaultValue || field.type === "hidden") continue;
    const same = fresh.querySelector(`#${CSS.escape(field.id)}`);
    if (same) same.value = field.value;
  }
}
