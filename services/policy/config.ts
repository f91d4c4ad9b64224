import { flag, integer, list, secret, setting } from '@althing/kernel/config'
import { z } from 'zod'
import { LogMode } from './decisions/schema.ts'

/** Settings of policy beside those that every service has. */
export const Config = {
  feedWaitMs: setting({
    env: 'ALTHING_POLICY_FEED_WAIT_MS',
    schema: integer.min(0).max(25_000),
    fallback: '20000',
    doc: 'How long a service that asks for a newer bundle is kept waiting.',
  }),
  proofSeconds: setting({
    env: 'ALTHING_POLICY_PROOF_SECONDS',
    schema: integer.min(60).max(86_400),
    fallback: '900',
    doc: 'How long ago a second factor may have been shown by whoever proposes policies, brings them into force or rolls them back.',
  }),
  overrideDays: setting({
    env: 'ALTHING_POLICY_OVERRIDE_DAYS',
    schema: integer.min(1).max(3660),
    fallback: '366',
    doc: 'How many days ahead the end of an override may lie at most.',
  }),
  emergencyHours: setting({
    env: 'ALTHING_POLICY_EMERGENCY_HOURS',
    schema: integer.min(0).max(168),
    fallback: '4',
    doc: 'How many hours emergency access lasts at most; 0 switches it off.',
  }),
  decisionLog: setting({
    env: 'ALTHING_POLICY_DECISION_LOG',
    schema: LogMode,
    fallback: 'soon',
    doc: 'Whether a decision is told before its line is written: required (never), soon (a fifth of a second at most), off (nothing is written).',
  }),
  decisionLogAllowed: setting({
    env: 'ALTHING_POLICY_DECISION_LOG_ALLOWED',
    schema: z.coerce.number().min(0).max(1),
    fallback: '1',
    doc: 'Which part of the decisions that allow something is written, between 0 and 1. Denials are always written.',
  }),
  decisionLogDays: setting({
    env: 'ALTHING_POLICY_DECISION_LOG_DAYS',
    schema: integer.min(1),
    fallback: '90',
    doc: 'For how many days decisions are kept.',
  }),
  decisionLogRedacts: setting({
    env: 'ALTHING_POLICY_DECISION_LOG_REDACTS',
    schema: list,
    fallback: '',
    doc: 'Names of attributes whose values never get into the decision log, separated by commas, beside those of secrets and national ids. A decision that looked at one cannot be made again.',
  }),
  cache: setting({
    env: 'ALTHING_POLICY_CACHE',
    schema: flag,
    fallback: 'false',
    doc: 'Whether a decision is kept for the next who asks the same, until anything in the world or the policies changes. Deciding anew is about as fast (decision 0032).',
  }),
  cacheEntries: setting({
    env: 'ALTHING_POLICY_CACHE_ENTRIES',
    schema: integer.min(1).max(1_000_000),
    fallback: '10000',
    doc: 'How many decisions a node keeps at most.',
  }),
  engines: secret({
    env: 'ALTHING_POLICY_ENGINES',
    schema: z.string().default(''),
    doc: 'Engines of the organisation’s own that must agree with what its policies allow (they can only deny), in JSON or YAML: [{"name": "risk", "kind": "opa", "url": "https://opa.example.org/v1/data/althing/allow", "token": "…", "actions": ["payments.*"], "resources": ["account"], "deadlineMs": 300, "sends": {"subject": ["department"], "action": [], "resource": ["amount"], "context": ["hour"]}}]. Kinds: opa (the address of a decision in its REST API) and authzen (the access_evaluation_endpoint of any engine that speaks AuthZEN 1.0). Asked about these actions, by name or beginning (payments.*), on these types of resources; Althing’s own actions are not theirs (decision 0034). Nothing leaves but the attributes that are named, and no secret or national id.',
  }),
  egressAllowed: setting({
    env: 'ALTHING_POLICY_EGRESS_ALLOWED',
    schema: list,
    fallback: '',
    doc: 'Hosts, with a port or without, of engines that are asked although they are inside, or in clear. All others must be https and public.',
  }),
} as const
