/* On a page without a room: what was pressed in one, and did not get through before its page was left, still goes. */
import { AGAIN_MS, StopQueue } from "./stop.js";

const queue = new StopQueue({ href: "" });
const sendWhatIsKept = () => queue.kept().length && queue.send();

setInterval(sendWhatIsKept, AGAIN_MS);
sendWhatIsKept();
