/** The feed of alerts, and where they are told. */
import { digestJob, tellJob } from './alerts/jobs.ts'
import { createAlerts } from './alerts/rules.ts'
import { createSinks } from './alerts/sinks.ts'
import { createAlertStore } from './alerts/store.ts'
import type { IdentityKit } from './kit.ts'
import type { Post } from './letters.ts'
import type { Metrics } from './metrics.ts'

/**
 * In jobs, of which two run at once: whoever takes the line and says nothing costs each its whole deadline, and five failures in ten
 * seconds would never come together.
 */
export const hung = { failures: 3, withinSeconds: 60 }

export function composeAlerts(kit: IdentityKit, mail: Post, metrics: Metrics) {
  const { config, clock, ids, database, atomic, breakers } = kit
  const { alertWebhookUrl: url, alertWebhookSecret: secret } = config
  if (url !== undefined && secret.reveal() === '')
    throw new Error(
      'ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET is missing: nobody could tell that an alert is ours.',
    )
  const job = tellJob((telling) => alerts.tell(telling))
  const digests = digestJob((digest) => alerts.tellUntold(digest))
  const alerts = createAlerts({
    clock,
    ids,
    store: createAlertStore(database),
    sinks: createSinks({
      clock,
      mail,
      mailTo: config.alertMail,
      webhook: url === undefined ? null : { url, secret },
      chatUrl: config.alertChatUrl,
      breaker: (name) => breakers.breaker(name, hung),
      locale: config.alertLocale,
      organisation: config.organisation,
      url: config.url,
    }),
    tellFrom: config.alertFrom,
    mostPerHour: config.alertPerHour,
    keepDays: config.alertDays,
    onRaised: metrics.alertRaised,
    onTold: metrics.alertTold,
    atomically: atomic((db, tx) => ({
      store: createAlertStore(db),
      enqueue: (telling) => job.enqueue(db, telling, { key: `alert ${telling.alert} ${telling.sink}` }),
      enqueueDigest: (digest, runAt) =>
        digests.enqueue(db, digest, { key: `digest ${digest.since} ${digest.sink}`, runAt }),
      record: (entry) => tx.record(entry),
    })),
  })
  return { alerts, jobs: [job, digests] }
}
