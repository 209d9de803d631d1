// Judges a FHIR R4 resource on standard input with npm's fhir: prints what it finds wrong, one line each.
const { Fhir } = require("fhir");
const resource = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const found = new Fhir().validate(resource, { errorOnUnexpected: true });
const grave = found.messages.filter((each) => ["error", "fatal"].includes(each.severity));
for (const each of grave) console.log(`${each.location}: ${each.message}`);
process.exit(grave.length || !found.valid ? 1 : 0);
