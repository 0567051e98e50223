// A page that counts how often it was asked for, until it is stopped.
import { createServer } from "node:http";

const port = Number(process.env.PORT ?? 3000);
let visits = 0;

const server = createServer((request, response) => {
  if (request.url === "/healthz") {
    response.writeHead(200, { "Content-Type": "text/plain" }).end("ok\n");
    return;
  }
  if (request.url !== "/") {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("There is only one page here.\n");
    return;
  }
  visits += 1;
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><title>Visits</title><h1>Visit number ${visits}</h1>\n`);
});

server.listen(port, () => console.log(`Listening on port ${port}`));
process.on("SIGTERM", () => server.close());
