/* The pages of the day show what is called out in the rooms: asked for every few seconds while the page is in view. Words
   that are the same are left alone, so that nobody is told twice. Without an answer the page shows nothing of it: the board
   and the rooms say that a connection is lost, and this is neither. */

const EVERY_MS = 5000;

export function showCalls(place, { every = EVERY_MS } = {}) {
  let shown = "";
  const title = document.title;

  async function ask() {
    if (document.visibilityState !== "visible") return;
    const response = await fetch(place.dataset.calls, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const html = (await response.text()).trim();
    if (html === shown) return;
    shown = html;
    place.innerHTML = html;
    document.title = place.querySelector(".alarm") ? `▲▲▲ ${title}` : title;
  }

  setInterval(ask, every);
  document.addEventListener("visibilitychange", ask);
  ask();
}
