/* Which rooms of the board are whose looks at it: those that they took. On a phone these stand first, and the others,
   while nothing alarms there, are one line each (board.css). The cards are drawn once for everybody, so it is said here. */
export function markMine({ page = document } = {}) {
  const me = page.body.dataset.me;
  let any = false;
  for (const card of page.querySelectorAll(".board-room")) {
    const isMine = Boolean(me) && card.dataset.keptBy === me;
    card.toggleAttribute("data-mine", isMine);
    any ||= isMine;
  }
  page.body.toggleAttribute("data-has-mine", any);
}
