/* Ages and waits in words, the same as web/templatetags/words.py; a test compares the two. Times are milliseconds. */

const NOW_S = 10, MINUTE_S = 60, HOUR_S = 3600;

export function ago(at, now) {
  const seconds = Math.trunc((now - at) / 1000);
  return seconds < NOW_S ? "now" : `${span(seconds)} ago`;
}

export function until(at, now) {
  const seconds = (at - now) / 1000;
  if (seconds > 0) return `in ${span(Math.max(MINUTE_S, Math.trunc(seconds)))}`;
  return -seconds < MINUTE_S ? "due now" : `${span(Math.trunc(-seconds))} late`;
}

export function lasting(seconds) {
  const whole = Math.trunc(seconds), two = (n) => String(n).padStart(2, "0");
  const hours = Math.trunc(whole / HOUR_S), minutes = Math.trunc(whole / MINUTE_S) % 60, rest = whole % 60;
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function span(seconds) {
  if (seconds < MINUTE_S) return `${seconds} s`;
  const minutes = Math.trunc(seconds / MINUTE_S);
  return seconds < HOUR_S ? `${minutes} min` : `${Math.trunc(minutes / 60)} h ${minutes % 60} min`;
}
