/* Sends what is asked for at the bedside. Each act has an id made here; sent again after a silence it has the same one,
   so it counts once. What the author had in view is the number at which the sheet was opened. Never "saved" before the
   server has said so, and never "failed" when nobody knows. */
import { open } from "../../web/js/dialogs.js";
import { swap } from "./swap.js";

const TRIES_MS = [0, 1000, 2000, 4000];
const PATIENCE_MS = 8000;

/* `instead(form)`: another way for an act whose sender is not let in any more; true when it has one. */
export function listenForActs({ seenSeq, tell, instead = () => false }) {
  document.addEventListener("dialog:open", ({ target }) => begin(target, seenSeq()));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-act]")) return;
    event.preventDefault();
    send(form, event.submitter, { seenSeq, tell, instead });
  });
}

/* A sheet that is opened is a new act, seen at this number, and holds nothing left over from the last time. */
function begin(dialog, seq) {
  for (const form of dialog.querySelectorAll("form[data-act]")) {
    delete form.dataset.actId;
    form.reset();
    form.elements.seen_seq.value = Math.max(seq, form.elements.seen_seq.defaultValue); // a sheet that came back is newer
    dialog.querySelectorAll("[data-unknown]").forEach((word) => { word.hidden = true });
  }
}

async function send(form, submitter, { seenSeq, tell, instead }) {
  if (form.dataset.sending) return; // the second tap of a double tap
  const dialog = form.closest("dialog");
  if (!dialog) form.elements.seen_seq.value = seenSeq();
  form.dataset.sending = "1";
  submitter?.setAttribute("aria-busy", "true");
  form.dataset.actId ??= crypto.randomUUID();
  const body = new URLSearchParams(new FormData(form, submitter?.name ? submitter : undefined));
  if (document.body.dataset.screen) body.set("screen", document.body.dataset.screen);
  const url = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  const answer = await ask(url, body, form.dataset.actId);
  delete form.dataset.sending;
  submitter?.removeAttribute("aria-busy");
  if (answer?.isLetIn === false && instead(form)) return;
  take(answer, form, dialog, tell);
}

/* The server's answer, asked for until there is one; null when nobody answered. */
export async function ask(url, body, actId, { tries = TRIES_MS, patience = PATIENCE_MS } = {}) {
  body.set("act_id", actId);
  for (const wait of tries) {
    await new Promise((done) => setTimeout(done, wait));
    const answer = await once(url, body, patience).catch(() => null);
    if (answer) return answer;
  }
  return null;
}

async function once(url, body, patience) {
  const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" };
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(patience) });
  if (response.status >= 500) return null;
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return isJson ? response.json() : { outcome: "refused", isLetIn: false }; // signed out, or not allowed: a page says so
}

export function token() {
  return document.querySelector("#token [name=csrfmiddlewaretoken]")?.value ?? "";
}

function take(answer, form, dialog, tell) {
  if (answer === null) return unknown(dialog, tell);
  delete form.dataset.actId;
  if (answer.outcome === "done") {
    dialog?.querySelectorAll(".errors:not([data-unknown])").forEach((word) => word.remove());
    if (!dialog) empty(form);
    if (dialog && !form.hasAttribute("data-stays")) close(dialog, form);
    return tell("recorded");
  }
  return answer.html ? show(answer.html) : tell("refused");
}

/* The form may have been drawn anew since, with what was typed. */
function empty(form) {
  for (const { id } of form.querySelectorAll("input[id], textarea[id]")) {
    const field = document.getElementById(id);
    if (field) field.value = field.defaultValue;
  }
}

function close(dialog, form) {
  form.reset();
  form.removeAttribute("data-touched");
  dialog.close();
}

/* The sheet comes back with what to look at; a one-tap act gets the sheet that says why. */
function show(html) {
  const id = /id="([^"]+)"/.exec(html)[1];
  const before = document.getElementById(id);
  emptyAgainWhenClosed(before);
  if (before?.open) before.close();
  if (before) swap(html);
  else document.body.insertAdjacentHTML("beforeend", html);
  const dialog = document.getElementById(id);
  open(dialog);
  dialog.querySelector('[role="alert"]:not([hidden])')?.scrollIntoView({ block: "nearest" });
}

/* What was refused once must not stand in the fields when the sheet is next opened. Questions are drawn one by one. */
function emptyAgainWhenClosed(sheet) {
  if (!sheet?.open || sheet.renewal || sheet.querySelector("[data-stays]")) return;
  const empty = sheet.cloneNode(true);
  empty.removeAttribute("open");
  empty.querySelectorAll("form").forEach((form) => form.removeAttribute("data-touched"));
  swap(empty);
}

function unknown(dialog, tell) {
  const word = dialog?.querySelector("[data-unknown]");
  if (word) word.hidden = false;
  else tell("unknown");
}
