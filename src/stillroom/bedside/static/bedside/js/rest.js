/* A stream holds a line for as long as it lasts, and without HTTP/2 a browser has six to one house: with six rooms open in
   six tabs a stop would wait behind them. So a page that nobody can see, and nobody is to hear, gives its line back, and
   comes back to what it missed when it is looked at again. */
export function restWhileUnseen({ stream, isHeard, page = document }) {
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "visible") stream.wake();
    else if (!isHeard()) stream.rest();
  });
}
