import { createServer } from 'node:net'

/**
 * Below the numbers from which a system gives outgoing connections theirs (Linux: 32768 and up), so that no connection of
 * ours sits on a port between its choice and the moment when a service listens on it; and above those that a browser, or a
 * `fetch`, refuses to speak to (Fetch, section 2.10: 10080 is the highest).
 */
const lowest = 11_000
const count = 21_000
/** Processes that choose at the same moment look in different places. */
let next = (process.pid * 64) % count

/** Free ports for what only this machine speaks to; none is given twice. */
export async function freePorts(wanted: number): Promise<number[]> {
  const ports: number[] = []
  for (let tries = 0; ports.length < wanted; tries += 1) {
    if (tries > count) throw new Error('No port is free on this machine.')
    const port = lowest + (next++ % count)
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

export async function freePort(): Promise<number> {
  return (await freePorts(1))[0] ?? 0
}

/** On every address: a service may listen on `localhost`, `127.0.0.1` or all of them. */
function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
