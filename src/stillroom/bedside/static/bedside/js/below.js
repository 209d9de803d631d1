/* How many rooms nobody who stands before the wall can see, as the glass ends above half of their card. A wall is not scrolled. */
export function sayWhatIsBelow({ page = document, height = window.innerHeight } = {}) {
  const word = page.querySelector("[data-below]");
  const middle = (card) => { const { top, bottom } = card.getBoundingClientRect(); return (top + bottom) / 2 };
  const below = [...page.querySelectorAll(".board-room")].filter((card) => middle(card) > height).length;
  word.hidden = below === 0;
  word.textContent = below === 1 ? word.dataset.one : `${below} ${word.dataset.many}`;
}
