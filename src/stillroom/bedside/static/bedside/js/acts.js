/* Sends what is asked for at the bedside. Each act has an id made here; sent again after a silence it has the same one,
   so it counts once. A sheet that is changed after a silence keeps its id too: the server does not take something else
   under it, and shows what was recorded. What the author had in view is the number at which the sheet was opened. Never
   "saved" before the server has said so, and never "failed" when nobody knows. */
import { open } from "../../web/js/dialogs.js";
import { swap } from "./swap.js";
import { newAct, Unanswered } from "./unanswered.js";

const TRIES_MS = [0, 1000, 2000, 4000];
const PATIENCE_MS = 8000;

/* `instead(form)`: another way for an act whose sender is not let in any more; true when it has one. */
export function listenForActs({ seenSeq, tell, instead = () => false }) {
  const time = () => document.querySelector("[data-clock]")?.textContent ?? "";
  const again = async (act) => receive(await sendOne(act, how), act, null, how);
  const how = { tell, instead, unanswered: new Unanswered({ place: document.getElementById("unanswered"), again, time }) };
  document.addEventListener("dialog:open", ({ target }) => begin(target, seenSeq()));
  document.addEventListener("close", ({ target }) => leave(target, how), true);
  document.addEventListener("input", ({ target }) => target.form && change(target.form));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-act]")) return;
    event.preventDefault();
    if (!form.closest("dialog")) form.elements.seen_seq.value = seenSeq();
    send(form, event.submitter, how);
  });
}

/* A sheet that is opened is a new act, seen at this number, and holds nothing left over from the last time. */
function begin(dialog, seq) {
  for (const form of dialog.querySelectorAll("form[data-act]")) {
    form.act = null;
    form.reset();
    form.elements.seen_seq.value = Math.max(seq, form.elements.seen_seq.defaultValue); // a sheet that came back is newer
  }
  hide(dialog);
}

/* What was sent from it and has no answer is not forgotten with the sheet. */
function leave(dialog, { unanswered }) {
  for (const form of dialog.querySelectorAll("form[data-act]")) {
    if (form.act && !form.act.isOnItsWay) unanswered.say(form.act);
    form.act = null;
  }
}

function change(form) {
  if (!form.act) return;
  form.act.isChanged = true;
  const word = form.closest("dialog")?.querySelector("[data-unknown]:not([hidden])");
  if (word) say(word, form.act);
}

async function send(form, submitter, how) {
  if (form.dataset.sending) return; // the second tap of a double tap
  const body = new URLSearchParams(new FormData(form, submitter?.name ? submitter : undefined));
  if (document.body.dataset.screen) body.set("screen", document.body.dataset.screen);
  const url = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  const act = actOf(form, url, body, namesIt(form, submitter), how);
  if (act.isOnItsWay) return; // tapped where the same button has been drawn anew since
  form.dataset.sending = "1";
  submitter?.setAttribute("aria-busy", "true");
  const answer = await sendOne(act, how);
  delete form.dataset.sending; // before it is taken: an empty sheet may be kept of this one, to send the next from
  submitter?.removeAttribute("aria-busy");
  receive(answer, act, form, how);
}

function namesIt(form, submitter) {
  return (form.closest("dialog")?.querySelector("h2") ?? submitter)?.textContent.trim() ?? "";
}

/* In a sheet, the act of the sheet with what stands in it now. */
function actOf(form, url, body, words, { unanswered }) {
  if (!form.closest("dialog")) return unanswered.act(url, body, words);
  form.act ??= newAct(url, body, words);
  return Object.assign(form.act, { url, body, words, isChanged: false });
}

async function sendOne(act, { unanswered }) {
  unanswered.busy(act, true);
  const answer = await ask(act.url, act.body, act.id);
  unanswered.busy(act, false);
  return answer;
}

function receive(answer, act, form, how) {
  if (answer?.isLetIn === false && form && how.instead(form)) return how.unanswered.end(act);
  take(answer, act, form, how);
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

/* `form` is none when it is sent again from the foot of the page. A sheet that was left since is another act's by now. */
function take(answer, act, form, { tell, unanswered }) {
  const dialog = form?.act === act && form.closest("dialog[open]");
  if (answer === null) return unknown(dialog, act, unanswered);
  if (answer.isLetIn === false && act.isUnknown) return tell("signedOut"); // what was sent before may stand
  unanswered.end(act);
  if (form?.act === act) form.act = null;
  if (answer.outcome === "done") {
    if (dialog) finish(dialog, form, act);
    else if (form && !form.closest("dialog")) empty(form, act.body);
    return tell("recorded");
  }
  return answer.html ? show(answer.html) : tell("refused");
}

/* The form may have been drawn anew since, with what was typed; what was typed since is not what was recorded. */
function empty(form, sent) {
  for (const { id } of form.querySelectorAll("input[id], textarea[id]")) {
    const field = document.getElementById(id);
    if (field?.value === sent.get(field?.name)) field.value = field.defaultValue;
  }
}

/* What was changed while it was on its way is not recorded: the sheet stays, and says so. */
function finish(dialog, form, act) {
  dialog.querySelectorAll(".errors:not([data-unknown], [data-changed])").forEach((word) => word.remove());
  hide(dialog);
  if (act.isChanged) dialog.querySelector("[data-changed]").hidden = false;
  else close(dialog, form);
}

function close(dialog, form) {
  form.removeAttribute("data-touched");
  if (form.hasAttribute("data-stays")) return;
  form.reset();
  dialog.close();
}

/* The sheet comes back with what to look at; a one-tap act gets the sheet that says why. */
function show(html) {
  const id = /id="([^"]+)"/.exec(html)[1];
  const before = document.getElementById(id), isTouched = before?.querySelector("form[data-touched]");
  emptyAgainWhenClosed(before);
  if (before?.open) before.close();
  if (before) swap(html);
  else document.body.insertAdjacentHTML("beforeend", html);
  const dialog = document.getElementById(id);
  open(dialog);
  if (isTouched) dialog.querySelector("form[data-act]")?.setAttribute("data-touched", ""); // what was typed is in it
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

/* A sheet says it itself, while it is open. */
function unknown(dialog, act, unanswered) {
  act.isUnknown = true;
  if (!dialog) return unanswered.say(act);
  const word = dialog.querySelector("[data-unknown]");
  word.hidden = false;
  say(word, act);
}

function say(word, { isChanged = false }) {
  word.querySelector("[data-if-same]").hidden = isChanged;
  word.querySelector("[data-if-changed]").hidden = !isChanged;
}

function hide(dialog) {
  dialog.querySelectorAll("[data-unknown], [data-changed]").forEach((word) => { word.hidden = true });
}
