/** The least that can answer a question: it is read, parsed, and answered with yes. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { answerSpent } from './answer-spent.ts'

const server = createServer((incoming, outgoing) => {
  void json(incoming).then(() =>
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"decision":true}'),
  )
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  answerSpent({ origin: `http://127.0.0.1:${port}`, token: 'none' })
})
