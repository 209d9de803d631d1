/* What every page does: dialogs, and forms that are sent once. Forms with data-act or data-stop are the live room's. */
import { showCalls } from "./calls.js";
import { listen } from "./dialogs.js";

listen();

const calls = document.querySelector("[data-calls]");
if (calls) showCalls(calls);

document.addEventListener("input", (event) => event.target.form?.setAttribute("data-touched", ""));

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.matches("[data-act], [data-stop]")) return;
  if (event.target.dataset.sent) return event.preventDefault(); // the second tap of a double tap
  event.target.dataset.sent = "1";
  event.target.querySelectorAll("button:not([type=button])").forEach((button) => button.setAttribute("aria-busy", "true"));
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
});
