import { ours, policySet, storeOf, casl, caslReusing } from './policy-engines.ts'
import { createWorld } from './policy-world.ts'
const w = createWorld(); const s = storeOf(w)
const e = ours(policySet(), s), c = casl(w, true), d = caslReusing(w)
const run = (f: any, n: number) => { const b = process.cpuUsage(); let k = 0; for (let i = 0; i < n; i++) if (f(w.asked[i & 1023]!)) k++; const u = process.cpuUsage(b); return ((u.user + u.system) * 1000 / n).toFixed(0) + ' ns' }
for (let i = 0; i < 5; i++) console.log('ours', run(e, 300000), 'casl', run(c, 300000), 'reusing', run(d, 300000))
if (process.argv[2]) run(e, 2000000)
