/* Entries come in the order of their numbers; this keeps it so. `take(seq)` says what to do with the entry: "apply" the
   next one, "drop" one that was already seen, and on a "hole" ask for a snapshot. `missed(headSeq)` is true when the
   server's head is ahead of what came before its heartbeat on the same stream: then something was lost on the way. */

export class Order {
  constructor(seq) {
    this.seq = seq;
  }

  take(seq) {
    if (seq <= this.seq) return "drop";
    if (seq > this.seq + 1) return "hole";
    this.seq = seq;
    return "apply";
  }

  missed(headSeq) {
    return headSeq > this.seq;
  }

  /* A snapshot stands for everything up to its number. An older one than what is shown is of no use. */
  jump(seq) {
    if (seq < this.seq) return false;
    this.seq = seq;
    return true;
  }
}
