/* This device has been enrolled for the patient's side in another tab: nothing of the room is shown or heard on it any more. */
export function goDarkWhenAsked() {
  new BroadcastChannel("quiet").addEventListener("message", () => location.replace("/clinics/quiet/"));
}
