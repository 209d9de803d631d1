/* Vital signs by hand: figures run on from field to field, so a set is one tap to open, its figures, one tap to record.
   A field is full when no further figure could follow: 13… waits for a third, 8… does not. */

const FULL = {
  sbp_mmhg: (text) => text.length === 3 || (text.length === 2 && text[0] > "3"),
  dbp_mmhg: (text) => text.length === 3 || (text.length === 2 && text[0] > "1"),
  pulse_per_min: (text) => text.length === 3 || (text.length === 2 && text[0] > "2"),
  spo2_percent: (text) => text.length === 3 || (text.length === 2 && text !== "10"),
};

export const isFull = (name, text) => Boolean(FULL[name]?.(text));

export function listenForKeypad(root = document) {
  root.addEventListener("input", ({ target }) => {
    if (target.closest?.("[data-runs-on]") && isFull(target.name, target.value)) step(target);
  });
  root.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-key]")) event.preventDefault(); // the field keeps the focus
  });
  root.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) type(key.dataset.key, key.closest("dialog"));
  });
  root.addEventListener("dialog:open", ({ target }) => {
    if (!target.querySelector("[data-keypad]") || !matchMedia("(pointer: coarse)").matches) return;
    fields(target).forEach((field) => { field.inputMode = "none" }); // our keys, not a keyboard over the sheet
  });
}

function type(key, dialog) {
  const field = fields(dialog).includes(document.activeElement) ? document.activeElement : fields(dialog)[0];
  if (key === "next") return step(field);
  field.value = key === "back" ? field.value.slice(0, -1) : field.value + key;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function fields(dialog) {
  return [...dialog.querySelectorAll("[data-runs-on] input")];
}

function step(field) {
  const all = fields(field.closest("dialog")), next = all[all.indexOf(field) + 1];
  (next ?? field.closest("form").querySelector(".primary")).focus();
}
