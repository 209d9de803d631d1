/* What if: as a rate is typed or tapped, the course that it would give is drawn in the sheet, beside the present one. It
   only asks and shows. An answer that a newer question has overtaken is not shown, and none is left standing. */

export function listenForWhatIf(root = document) {
  root.addEventListener("input", ({ target }) => {
    const place = target.name === "rate_ml_per_h" && target.closest("form")?.querySelector("[data-what-if]");
    if (place) show(place, target.value);
  });
  root.addEventListener("dialog:open", ({ target }) => {
    const place = target.querySelector("[data-what-if]");
    if (place) show(place, place.closest("form").elements.rate_ml_per_h?.value ?? "");
  });
}

async function show(place, rate) {
  place.asking?.abort();
  const asking = (place.asking = new AbortController());
  const words = await ask(`${place.dataset.whatIf}?rate_ml_per_h=${encodeURIComponent(rate)}`, asking.signal);
  if (!asking.signal.aborted) place.innerHTML = words;
}

/* Without an answer nothing is drawn: the sheet stands as it would without this. */
async function ask(url, signal) {
  const response = await fetch(url, { headers: { "X-Requested-With": "fetch", Accept: "text/html" }, signal }).catch(() => null);
  return response?.ok && !response.redirected ? response.text().catch(() => "") : "";
}
