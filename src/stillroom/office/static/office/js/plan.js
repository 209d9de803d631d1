/* While an order is written, what it comes to and what the rules find are asked for, and put beside it. Nothing is kept
   by that. A reason that is being typed stays where it is: only the order's own fields ask anew. */

const QUIET_MS = 300;
const form = document.querySelector("form[data-looks]");
let waiting = 0, asked = 0;

form?.addEventListener("input", (event) => {
  if (event.target.closest("[data-results]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, QUIET_MS);
});

form?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sets]");
  if (!button) return;
  form.elements[button.dataset.sets].value = button.dataset.to;
  look();
});

async function look() {
  const mine = ++asked;
  const answer = await fetch(form.action || location.href, {
    method: "POST", body: new FormData(form), headers: { "X-Look": "1" }, credentials: "same-origin",
  }).catch(() => null);
  if (mine !== asked || !answer) return; // something newer was asked, or the server is away: what stands stays
  if (!answer.ok) return location.reload();
  put(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function put(found) {
  const typed = new Map([...form.querySelectorAll("[data-results] input")].map((field) => [field.name, field.value]));
  const unfolded = [...form.querySelectorAll("[data-results] details[id][open]")].map(({ id }) => id);
  const at = document.activeElement?.closest("[data-results]") ? document.activeElement.name : "";
  for (const fresh of found.querySelectorAll("[data-results]")) document.getElementById(fresh.id)?.replaceWith(fresh);
  for (const field of form.querySelectorAll("[data-results] input")) if (typed.has(field.name)) field.value = typed.get(field.name);
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  if (at) form.elements[at]?.focus();
}
