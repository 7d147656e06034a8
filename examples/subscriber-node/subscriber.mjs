// What is owed of each invoice, kept in a journal from the portal's events. Kill it whenever you like.
//   AMQP_URL=amqp://acme:…@rabbitmq.portal.example:5672 STORE=owed.jsonl node subscriber.mjs
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import amqp from "amqplib";

const FACTS = ["sent", "terms_changed", "partially_paid", "paid", "refunded", "refund_reversed", "voided", "written_off"];
const KNOWN = new Set(FACTS.map((fact) => `billing.invoice_${fact}.v1`));
const nameOf = (type) => type.slice(0, type.lastIndexOf("."));
const NAMES = new Set([...KNOWN].map(nameOf));

const seen = new Set();
const owed = new Map();

function remember({ id, invoice, sequence, balance }) {
  seen.add(id);
  if (sequence <= (owed.get(invoice)?.sequence ?? "")) return "overtaken by a later one";
  owed.set(invoice, { sequence, balance });
  return "stored";
}

// A line is an effect and its id at once. One that was cut off by a crash was never acknowledged: it comes again.
const lines = existsSync(process.env.STORE) ? readFileSync(process.env.STORE, "utf8").split("\n") : [];
for (const line of lines) {
  try { remember(JSON.parse(line)); } catch { /* empty, or cut off */ }
}
const journal = openSync(process.env.STORE, "a");
if (lines.at(-1)) writeSync(journal, "\n");

function handle(event) {
  if (!KNOWN.has(event.type)) {
    if (NAMES.has(nameOf(event.type))) throw new Error(`${event.type} is newer than this program: keep it for the next`);
    return "not for us";
  }
  if (seen.has(event.id)) return "seen before";
  const line = { id: event.id, invoice: event.subject, sequence: event.sequence, balance: event.data.balance };
  writeSync(journal, `${JSON.stringify(line)}\n`);
  fsyncSync(journal);
  return remember(line);
}

const connection = await amqp.connect(process.env.AMQP_URL);
connection.on("close", () => process.exit(1)); // whoever supervises this program starts it again
const channel = await connection.createChannel();
await channel.prefetch(10);
await channel.assertExchange("acme.failed", "fanout", { durable: true });
await channel.assertQueue("acme.failed", { durable: true });
await channel.bindQueue("acme.failed", "acme.failed", "");
await channel.assertQueue("acme.portal", {
  durable: true,
  arguments: { "x-queue-type": "quorum", "x-delivery-limit": 5, "x-dead-letter-exchange": "acme.failed" },
});
await channel.bindQueue("acme.portal", "portal.subscribers", "billing.#");
await channel.consume("acme.portal", (message) => {
  if (message === null) process.exit(1); // the broker ended the reading, as when the queue was made anew
  try {
    const event = JSON.parse(message.content.toString());
    console.log(event.id, event.type, handle(event));
    channel.ack(message);
  } catch (error) {
    console.error(error.message);
    channel.nack(message, false, false); // rejected: it waits in acme.failed, with all it said
  }
});
process.on("SIGTERM", async () => {
  connection.removeAllListeners("close");
  await connection.close();
  closeSync(journal);
});
