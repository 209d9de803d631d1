/* On a display that stands with the patient: whatever page of before is still open on this device goes dark as well. */
new BroadcastChannel("quiet").postMessage("dark");
