// Sends messages with npm simple-hl7, a sender that is not ours: node simple_hl7.js PORT FILE...
// Prints what the acknowledgement says (MSA-1 and MSA-2), a line for each file, sent one after the other on one line.
const hl7 = require("simple-hl7");
const fs = require("fs");

const [port, ...files] = process.argv.slice(2);
const client = hl7.Server.createTcpClient({ host: "127.0.0.1", port: Number(port), keepalive: true, callback: heard });
const parser = new hl7.Parser({ segmentSeperator: "\r" });

function next() {
  if (files.length === 0) return client.close();
  client.send(parser.parse(fs.readFileSync(files.shift(), "utf8").replace(/\r\n/g, "\r")));
}

function heard(error, answer) {
  if (error) throw error;
  const told = answer.getSegment("MSA");
  console.log(`${told.getField(1)} ${told.getField(2)}`);
  setImmediate(next);
}

next();
