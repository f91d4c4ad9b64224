/** What works once works once: two nodes on one database, 64 at the same moment. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import {
  addAccount,
  askToken,
  codeFlow,
  codeOf,
  createBrowser,
  testIdentity,
} from '../../../tests/support/identity.ts'

const many = 64

test('one code gives tokens to one of sixty-four, and the others end what it gave', async () => {
  const [one, two] = await twoNodes()
  const { callback, checks } = await codeOf(one, createBrowser(one.origin))
  const form = {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: `${one.origin}/session/callback`,
    code_verifier: checks.pkceCodeVerifier,
  }
  const { won, lost } = await exchange([one.origin, two.origin], form)
  assert.deepEqual([won.length, lost.length], [1, many - 1])
  const refreshed = await askToken(one.origin, {
    grant_type: 'refresh_token',
    refresh_token: String(won[0]?.['refresh_token']),
  })
  assert.equal(refreshed.status, 400)
})

test('one refresh token has one successor, whoever asks, and it works; the old one after that ends the family', async () => {
  const [one, two] = await twoNodes()
  const { tokens } = await codeFlow(one, createBrowser(one.origin))
  const { won } = await exchange([one.origin, two.origin], {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token ?? '',
  })
  const successors = [...new Set(won.map((body) => String(body['refresh_token'])))]
  assert.equal(successors.length, 1)
  const refresh = (token: string) =>
    askToken(two.origin, { grant_type: 'refresh_token', refresh_token: token })
  const next = await refresh(successors[0] ?? '')
  assert.equal(next.status, 200)
  const last = (await next.json()) as { refresh_token: string }
  assert.equal((await refresh(tokens.refresh_token ?? '')).status, 400)
  assert.equal((await refresh(last.refresh_token)).status, 400)
})

async function exchange(origins: readonly string[], form: Readonly<Record<string, string>>) {
  return race(many, async (runner, ready) => {
    await ready()
    const answer = await askToken(origins[runner % origins.length] ?? '', form)
    const body = (await answer.json()) as Record<string, unknown>
    if (answer.ok) return body
    assert.deepEqual([answer.status, body['error']], [400, 'invalid_grant'])
    throw new Error('refused')
  })
}

async function twoNodes() {
  const one = await testIdentity()
  const two = await testIdentity({ like: one, origin: one.origin })
  await addAccount(one)
  return [one, two] as const
}
