// The drops that fall in the simulated chamber, at the pace that the page says they do.
const SHOWN_MS = 140;
const STREAM_FROM = 240;

const chamber = document.getElementById("chamber");
let nextAt = 0;

function look(now) {
  const pace = Number(document.getElementById("chair")?.dataset.dropsPerMin ?? 0);
  chamber.classList.toggle("is-stream", pace >= STREAM_FROM);
  if (pace <= 0 || pace >= STREAM_FROM) {
    nextAt = 0;
  } else if (now >= nextAt) {
    nextAt = Math.max(nextAt, now - 60000 / pace) + 60000 / pace;
    chamber.classList.add("has-drop");
    setTimeout(() => chamber.classList.remove("has-drop"), SHOWN_MS);
  }
  requestAnimationFrame(look);
}
requestAnimationFrame(look);
