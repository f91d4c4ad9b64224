/**
 * One world in a thread of its own: own module graph, own environment. It runs the services it is told to and can reach
 * no other world but by HTTP.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { runService, type Running, type Service } from '@althing/kernel/service'

interface WorldData {
  readonly services: readonly string[]
  readonly environments: Readonly<Record<string, Record<string, string>>>
}

const port = parentPort
if (port === null) throw new Error('run/world.ts is started by run/all.ts.')
const { services, environments } = workerData as WorldData

const running: Running[] = []
port.on('message', (word) => {
  if (word === 'close') void close()
})

/** In the opposite order of starting: the portal lets nobody new in before the services behind it stop. */
async function close(): Promise<void> {
  for (const service of running.reverse()) await service.close()
  port?.postMessage({ kind: 'closed' })
  port?.close()
}

for (const name of services) {
  const module = (await import(new URL(`../services/${name}/service.ts`, import.meta.url).href)) as Record<
    string,
    Service
  >
  const service = module[name]
  if (service === undefined) throw new Error(`services/${name}/service.ts exports no ${name}.`)
  running.push(await runService(service, { env: environments[name] ?? {} }))
  port.postMessage({ kind: 'started', name })
}
port.postMessage({ kind: 'ready' })
