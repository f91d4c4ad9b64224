import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import type { Secret, Whole } from '../../web/admin/clients-api.ts'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'

/** An administrator registers an application, gives it a second secret, retires the first, shuts it and ends it: over a made-up identity. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      title: 'Tengd forrit',
      backchannel: /Með því að spyrja einhvern sem er annars staðar/,
      weak: '1 atriði er veikara en venjulega',
      none: 'Ekkert forrit passar við þetta.',
      new: 'Skrá nýtt forrit',
      kind: 'Hvers konar forrit er þetta?',
      servers: /Þjónar sem aðgangstókar þess/,
      scopes: 'Verðskráin: hvað má forritið gera þar?',
      redirects: /Slóðir sem svör fara á/,
      name: /Heiti, eins og fólk/,
      create: 'Skrá forritið',
      wrong: /Hver þeirra þarf að vera heil slóð/,
      once: 'Þetta leyniorð sést aðeins núna',
      kept: 'Ég hef geymt það',
      second: 'Búa til annað leyniorð',
      retire: /^Taka úr notkun ?: Leyniorð 1/,
      retireGo: 'Taka leyniorðið úr notkun',
      yesRetire: 'Taka úr notkun',
      retired: 'Ákveðið er hvenær leyniorðið rennur út.',
      logo: 'Merki forritsins The shop',
      logoDrop: 'Taka merkið burt',
      edit: 'Breyta',
      other: 'English',
      copy: /^Afrita ?: Leyniorð/,
      copied: 'Afritað',
      meanwhile: 'Einhver breytti þessu í millitíðinni',
      ours: 'Þú skrifaðir annað.',
      asked: 'Hvenær fólk er spurt',
      save: 'Vista breytingar',
      back: 'Til baka í forritið',
      shut: 'Loka forritinu',
      off: 'Það getur ekkert héðan í frá.',
      open: 'Opna aftur',
      on: 'Nú má nota það aftur.',
      remove: 'Eyða',
      word: 'eyða',
    },
  ],
  [
    'en',
    {
      title: 'Connected applications',
      backchannel: /By asking somebody who is elsewhere/,
      weak: 'One thing is weaker than usual',
      none: 'No application matches this.',
      new: 'Connect an application',
      kind: 'What kind of application is it?',
      servers: /Servers that its tokens are for/,
      scopes: 'What it may do at Verðskráin',
      redirects: /Addresses that answers go to/,
      name: /Name, as people read it/,
      create: 'Register it',
      wrong: /Each has to be a whole https address/,
      once: 'This secret is shown only now',
      kept: 'I have kept it',
      second: 'Make a second secret',
      retire: /^Retire ?: Secret 1/,
      retireGo: 'Retire this secret',
      yesRetire: 'Retire',
      retired: 'The end of the secret is settled.',
      logo: 'The logo of The shop',
      logoDrop: 'Take the logo away',
      edit: 'Change',
      other: 'Íslenska',
      copy: /^Copy ?: Secret/,
      copied: 'Copied',
      meanwhile: 'Somebody has changed this meanwhile',
      ours: 'You wrote something else.',
      asked: 'When people are asked',
      save: 'Save changes',
      back: 'Back to the application',
      shut: 'Disable',
      off: 'It can do nothing from now on.',
      open: 'Let it be used again',
      on: 'It may be used again.',
      remove: 'Delete',
      word: 'delete',
    },
  ],
] as const) {
  test(`${lang}: the list says what is weakened and which secrets are old, and is looked through`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    await madeUpIdentity(page, [
      shop,
      {
        ...shop,
        id: 'old',
        name: 'Old one',
        policy: 'legacy',
        weakened: ['pkce'],
        secrets: [{ ...secret(1), notice: 'old' }],
        disabled: true,
      },
    ])
    await page.goto(`${fake().personUrl}/admin/clients?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    await page.getByText(words.weak).waitFor()
    await inspect('admin-clients')
    await page.getByRole('searchbox').fill('nothing like it')
    await page.getByText(words.none).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('search'), 'nothing like it')
    await inspect('admin-clients-none')
    await page.close()
  })

  test(`${lang}: a new one is asked for what its kind needs, and its secret is seen until somebody has kept it`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpIdentity(page, [])
    await page.goto(`${fake().personUrl}/admin/clients/new?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.new }).waitFor()
    await page.getByLabel(words.kind).selectOption('machine')
    const servers = page.getByRole('group', { name: words.servers })
    await servers.getByLabel('Verðskráin').check()
    await servers.getByRole('group', { name: words.scopes }).getByLabel('read').check()
    await inspect('admin-client-servers')
    assert.equal(await page.getByLabel(words.redirects).count(), 0, 'a machine has none')
    await page.getByLabel(words.kind).selectOption('device')
    assert.equal(await page.getByLabel(words.redirects).count(), 0, 'nor has a device')
    await page.getByLabel(words.kind).selectOption('web')
    await page.getByLabel(words.name).fill('The shop')
    await page.getByLabel(words.redirects).fill('javascript:alert(1)')
    await page.getByRole('button', { name: words.create }).click()
    await page.getByText(words.wrong).waitFor()
    assert.equal(await page.getByLabel(words.redirects).getAttribute('aria-invalid'), 'true')
    assert.equal(await page.getByLabel(words.name).inputValue(), 'The shop', 'what was written stays')
    await inspect('admin-client-refused')

    await page
      .getByLabel(words.redirects)
      .fill(' https://shop.example/callback \n\nhttps://shop.example/other\n')
    await page.getByRole('button', { name: words.create }).click()
    await page.getByText(words.once).waitFor()
    assert.equal(await page.locator('#client-secret').textContent(), 'secret-1')
    assert.deepEqual(identity.bodies.at(-1), {
      kind: 'web',
      name: 'The shop',
      metadata: {
        redirect_uris: ['https://shop.example/callback', 'https://shop.example/other'],
        scope: 'openid profile email',
        resources: { 'https://api.example/': 'read' },
      },
    })
    await inspect('admin-client-secret')
    await page.getByRole('button', { name: words.kept }).click()
    await page.getByRole('heading', { level: 1, name: 'The shop' }).waitFor()
    assert.equal(await page.getByText('secret-1').count(), 0, 'nobody sees it again')
    await page.getByText(words.backchannel).waitFor()
    await page.getByText('althing clients change').waitFor()
    assert.match(
      (await page.locator('.snippet').first().textContent()) ?? '',
      /OIDC_DISCOVERY=https:\/\/id\.example\/\.well-known\/openid-configuration\n[^]*OIDC_CLIENT_ID=shop\nOIDC_CLIENT_SECRET=\nOIDC_REDIRECT_URI=https:\/\/shop\.example\/callback\n/,
    )
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /other \{|undefined|\bnull\b/)
    await inspect('admin-client')
    await page.close()
  })

  test(`${lang}: the other language brings along what was written, and a secret that is shown only now`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    await browser().context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await madeUpIdentity(page, [])
    await page.goto(`${fake().personUrl}/admin/clients?lang=${lang}`)
    await page.getByRole('link', { name: words.new }).first().click()
    await page.getByLabel(words.kind).selectOption('native')
    await page.getByText('is.example.app:/callback').waitFor()
    await page.getByLabel(words.name).fill('The shop')
    await page.getByLabel(words.redirects).fill('https://shop.example/callback')
    await page.getByRole('link', { name: words.other, exact: true }).click()
    await page.locator(`html:not([lang=${lang}])`).waitFor()
    await page.locator('#f-name').waitFor()
    assert.equal(new URL(page.url()).pathname, '/admin/clients/new', 'the page that we were on')
    assert.deepEqual(
      await Promise.all(['kind', 'name', 'redirect_uris'].map((f) => page.locator(`#f-${f}`).inputValue())),
      ['native', 'The shop', 'https://shop.example/callback'],
    )
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html[lang=${lang}]`).waitFor()
    await page.getByRole('button', { name: words.create }).click()
    await page.getByText(words.once).waitFor()
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html:not([lang=${lang}])`).waitFor()
    await page.locator('#client-secret').waitFor()
    assert.equal(await page.locator('#client-secret').textContent(), 'secret-1')
    assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'it lies nowhere')
    await page.locator('.switch a[lang]').press('Enter')
    await page.getByText(words.once).waitFor()
    await page.getByRole('button', { name: words.copy }).click()
    await page.getByRole('status').getByText(words.copied).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'secret-1')
    await inspect('admin-client-copied')
    await page.getByRole('button', { name: words.kept }).click()
    await page.getByRole('heading', { level: 1, name: 'The shop' }).waitFor()
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html:not([lang=${lang}])`).waitFor()
    await page.getByRole('heading', { level: 1, name: 'The shop' }).waitFor()
    assert.equal(await page.getByText('secret-1').count(), 0, 'nobody sees it again')
    await page.close()
  })

  test(`${lang}: of two who change the same application the second is told, and nothing that either wrote is lost`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpIdentity(page, [shop])
    await page.goto(`${fake().personUrl}/admin/clients/shop/edit?lang=${lang}`)
    await page.getByLabel(words.name).fill('Mine')
    identity.others({ name: 'Theirs', policy: 'mcp', version: 'v2' })
    await page.getByRole('button', { name: words.save }).click()
    const notice = page.getByRole('alert')
    await notice.getByText(words.meanwhile).waitFor()
    await notice.getByText('Theirs').waitFor()
    await notice.getByText(words.ours).waitFor()
    assert.equal(await page.getByLabel(words.name).inputValue(), 'Mine')
    assert.equal(await page.locator('#f-policy').inputValue(), 'mcp', 'what was not touched is theirs')
    await inspect('admin-client-meanwhile')
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html:not([lang=${lang}])`).waitFor()
    assert.equal(await page.locator('#f-name').inputValue(), 'Mine')
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html[lang=${lang}]`).waitFor()
    await page.getByRole('button', { name: words.save }).click()
    await page.getByRole('heading', { level: 1 }).getByText('Mine').waitFor()
    const { madeFrom, metadata } = identity.bodies.at(-1) as {
      madeFrom: string
      metadata: { policy: string }
    }
    assert.deepEqual([madeFrom, metadata.policy], ['v2', 'mcp'])
    await page.close()
  })

  test(`${lang}: a second secret, the end of the first, a change, and the end of it all, each asked as it deserves`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpIdentity(page, [shop])
    await page.goto(`${fake().personUrl}/admin/clients/shop?lang=${lang}`)
    await page.getByRole('button', { name: words.second }).click()
    await page.getByText(words.once).waitFor()
    await page.getByRole('button', { name: words.kept }).click()
    assert.equal(await page.getByRole('button', { name: words.second }).count(), 0, 'two are all there are')
    await page.getByRole('button', { name: words.retire }).click()
    await inspect('admin-client-retire')
    await page.getByRole('button', { name: words.retireGo }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: words.yesRetire, exact: true }).click()
    await page.getByText(words.retired).waitFor()
    assert.ok(identity.asked.includes('POST /shop/secrets/cls_1/retire'))

    await page
      .locator('#f-logo')
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') })
    await page.getByRole('img', { name: words.logo }).waitFor()
    assert.deepEqual(identity.bodies.at(-1), { png })
    await inspect('admin-client-logo')
    await page.getByRole('button', { name: words.logoDrop }).click()
    await page.getByRole('img', { name: words.logo }).waitFor({ state: 'detached' })

    await page.getByRole('link', { name: words.edit, exact: true }).click()
    await page.getByRole('link', { name: words.back }).waitFor()
    await page.getByLabel(words.asked).selectOption('remember')
    assert.match((await page.getByRole('heading', { level: 1 }).textContent()) ?? '', /The shop$/)
    await inspect('admin-client-edit')
    await page.getByRole('button', { name: words.save }).click()
    await page.getByRole('heading', { level: 1, name: 'The shop', exact: true }).waitFor()
    const { metadata } = identity.bodies.at(-1) as { metadata: Record<string, unknown> }
    assert.deepEqual(
      [metadata['consent'], metadata['jwks_uri'], metadata['redirect_uris']],
      ['remember', null, ['https://shop.example/callback']],
    )

    await page.getByRole('button', { name: words.shut, exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: words.shut, exact: true }).click()
    await page.getByText(words.off).waitFor()
    await page.getByRole('button', { name: words.open }).click()
    await page.getByText(words.on).waitFor()
    await page.getByRole('button', { name: words.remove, exact: true }).click()
    await inspect('admin-client-delete')
    const dialog = page.getByRole('alertdialog')
    assert.equal(
      await dialog.getByRole('button', { name: words.remove, exact: true }).getAttribute('aria-disabled'),
      'true',
      'its word is written first',
    )
    await dialog.getByRole('textbox').fill(words.word)
    await dialog.getByRole('button', { name: words.remove, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    assert.equal(identity.asked.filter((one) => one === 'DELETE /shop').length, 1)
    await page.close()
  })
}

/** One point. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const secret = (n: number): Secret => ({
  id: `cls_${n}`,
  madeAt: '2026-03-02T11:59:00.000Z',
  endsAt: null,
  usedAt: null,
  notice: null,
})

const shop: Whole = {
  logoHref: null,
  version: 'v1',
  id: 'shop',
  name: 'The shop',
  kind: 'web',
  policy: 'oauth-2.1',
  disabled: false,
  usedAt: '2026-03-02T11:00:00.000Z',
  createdAt: '2026-03-01T11:59:00.000Z',
  updatedAt: '2026-03-01T11:59:00.000Z',
  provesBySecret: true,
  secrets: [secret(1)],
  weakened: [],
  issuer: 'https://id.example',
  metadata: {
    policy: 'oauth-2.1',
    redirect_uris: ['https://shop.example/callback'],
    post_logout_redirect_uris: [],
    scope: 'openid profile email',
    grant_types: ['authorization_code', 'urn:openid:params:grant-type:ciba'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
}

async function madeUpIdentity(page: Page, known: readonly Whole[]) {
  let clients = [...known]
  const [asked, bodies]: [string[], unknown[]] = [[], []]
  const answer = (route: Route, { id }: { id: string }, value: string | null) => {
    const client = clients.find((one) => one.id === id)
    return route.fulfill({ json: { client, secret: value } })
  }
  const change = (id: string, part: (client: Whole) => Partial<Whole>) => {
    clients = clients.map((one) => (one.id === id ? { ...one, ...part(one) } : one))
  }
  await page.route('**/api/identity/resources', (route) =>
    route.fulfill({
      json: { resources: [{ uri: 'https://api.example/', name: 'Verðskráin', scopes: ['read', 'write'] }] },
    }),
  )
  await page.route('**/sign-in/logos/**', (route) =>
    route.fulfill({ contentType: 'image/png', body: Buffer.from(png, 'base64') }),
  )
  await page.route('**/api/identity/clients**', (route) => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/identity/clients', '')
    const [id = '', verb = '', which = ''] = path.split('/').slice(1)
    asked.push(`${request.method()} ${path}`)
    if (request.method() === 'GET' && id === '') {
      const search = (url.searchParams.get('search') ?? '').toLowerCase()
      return route.fulfill({
        json: { clients: clients.filter(({ name }) => name.toLowerCase().includes(search)), next: null },
      })
    }
    const body =
      request.method() === 'GET' || request.method() === 'DELETE'
        ? null
        : (request.postDataJSON() as {
            name?: string
            madeFrom?: string
            metadata?: { redirect_uris?: string[] }
          })
    if (body !== null) bodies.push(body)
    if (body?.metadata?.redirect_uris?.some((uri) => !uri.startsWith('https:')))
      return route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        json: {
          code: 'identity.clients.metadata',
          title: 'Wrong.',
          status: 422,
          errors: [{ pointer: '/redirect_uris', message: 'must be https' }],
        },
      })
    if (id === '') {
      clients = [...clients, shop]
      return answer(route, shop, 'secret-1')
    }
    if (request.method() === 'DELETE' && verb === '') {
      clients = clients.filter((one) => one.id !== id)
      return route.fulfill({ json: { done: true } })
    }
    if (verb === 'secrets' && which === '') {
      change(id, ({ secrets }) => ({ secrets: [...secrets, secret(2)] }))
      return answer(route, { id }, 'secret-2')
    }
    if (verb === 'secrets')
      change(id, ({ secrets }) => ({ secrets: secrets.filter((one) => one.id !== which) }))
    if (verb === 'logo') {
      change(id, () => ({ logoHref: request.method() === 'DELETE' ? null : '/sign-in/logos/shop' }))
      return route.fulfill({ json: { done: true } })
    }
    if (verb === 'disable' || verb === 'enable') change(id, () => ({ disabled: verb === 'disable' }))
    if (request.method() === 'PATCH') {
      if (clients.find((one) => one.id === id)?.version !== body?.madeFrom)
        return route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          json: { code: 'identity.clients.changed_meanwhile', title: 'Changed.', status: 409 },
        })
      change(id, ({ name }) => ({ name: body?.name ?? name }))
      return answer(route, { id }, null)
    }
    const client = clients.find((one) => one.id === id)
    if (client === undefined)
      return route.fulfill({
        status: 404,
        contentType: 'application/problem+json',
        json: { code: 'identity.clients.not_found', title: 'None.', status: 404 },
      })
    return route.fulfill({ json: client })
  })
  const others = (part: Partial<Whole>) => {
    clients = clients.map((one) => ({
      ...one,
      ...part,
      metadata: { ...one.metadata, policy: part.policy ?? one.policy },
    }))
  }
  return { asked, bodies, others }
}
