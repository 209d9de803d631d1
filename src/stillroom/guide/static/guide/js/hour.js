/* Moving through the hour by finger, mouse or arrow keys. Without this the list under the curve says the same. */
for (const figure of document.querySelectorAll("[data-hour]")) {
  const range = figure.querySelector("input"), said = figure.querySelector("output"), mark = figure.querySelector(".minute");
  const moments = [...figure.querySelectorAll("[data-from]")];

  const show = () => {
    const minute = Number(range.value);
    const moment = moments.findLast((each) => Number(each.dataset.from) <= minute);
    const words = `${range.dataset.minute} ${minute}`;
    mark.setAttribute("transform", `translate(${minute * 5.5} 0)`);
    moments.forEach((each) => each.classList.toggle("now", each === moment));
    said.textContent = `${words}. ${moment.textContent.trim()}`;
    range.setAttribute("aria-valuetext", words);
  };

  figure.querySelector(".scrub").hidden = false;
  mark.removeAttribute("hidden");
  range.addEventListener("input", show);
  show();
}
