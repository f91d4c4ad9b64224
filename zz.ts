import { testServer } from './kernel/testing/index.ts'
import { execSync, spawn } from 'node:child_process'
import { Client } from 'pg'
import { readFileSync } from 'node:fs'
const c = new Client({ connectionString: await testServer() })
await c.connect()
const {
  rows: [{ pid, dd }],
} = await c.query("select pg_backend_pid() pid, current_setting('data_directory') dd")
console.log(dd)
const { rows } = await c.query(
  "select datname,oid from pg_database where datname like 'template_%' and length(datname)>12",
)
console.log(rows)
console.log(
  execSync(`ls ${dd}/base/${rows[0].oid} | wc -l; du -sh ${dd}/base/${rows[0].oid} ${dd}/pg_wal`).toString(),
)
const cpu = () => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return +f[11] / 100 + 'u ' + +f[12] / 100 + 's'
}
const p = spawn(
  'perf',
  ['record', '-g', '-F', '999', '-o', '/work/scratch/tmp/tests/pg.data', '-p', String(pid)],
  { stdio: 'ignore' },
)
await new Promise((r) => setTimeout(r, 1500))
for (const s of (process.argv[2] ?? 'wal_log').split(',')) {
  for (let i = 0; i < 5; i++) {
    const a = performance.now()
    const b0 = cpu()
    await c.query(`create database zz template ${rows[0].datname} strategy ${s}`)
    const b = performance.now()
    const b1 = cpu()
    await c.query('drop database zz')
    console.log(s, (b - a).toFixed(0), (performance.now() - b).toFixed(0), b0, b1)
  }
}
p.kill('SIGINT')
await new Promise((r) => p.once('exit', r))
await c.end()
