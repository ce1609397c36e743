// A custom handler for tests of its host. Its folder has answers.json: {"NAME": {"status": 200, "type": "application/json", "body": "...", "isHeld": false}}.
// Every call is a line of calls.jsonl. Answers that are held leave when the file "released" is there.
const fs = require('fs');
const http = require('http');

const port = Number(process.env.FUNCTIONS_CUSTOMHANDLER_PORT);
fs.appendFileSync('starts.jsonl', JSON.stringify({ port, worker: process.env.FUNCTIONS_CUSTOMHANDLER_WORKER_ID, key: process.env.FunctionsHost__Key ?? null, setting: process.env.SETTING ?? null }) + '\n');
console.log('the handler says hello');

const server = http.createServer((request, response) => {
  if (request.url === '/') return response.writeHead(404).end();
  let body = '';
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    fs.appendFileSync('calls.jsonl', JSON.stringify({ url: request.url, method: request.method, headers: request.headers, body, at: Date.now() }) + '\n');
    const name = request.url.split('?')[0].slice(1);
    const answers = JSON.parse(fs.readFileSync('answers.json'));
    const answer = answers[name] ?? {};
    if (answer.exit) process.exit(answer.exit);
    const respond = () => {
      if (answer.isHeld && !fs.existsSync('released')) return setTimeout(respond, 20);
      response.writeHead(answer.status ?? 200, { 'Content-Type': answer.type ?? 'application/json', 'X-Handler': 'yes' });
      response.end(answer.body ?? '{"Outputs":{},"Logs":[],"ReturnValue":null}');
    };
    respond();
  });
});
// Late, so that its host has to wait.
setTimeout(() => server.listen(port, '127.0.0.1'), 200);
