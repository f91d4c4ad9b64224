import { keepOnSwitch } from '@althing/web-ui/dom/keep-on-switch.ts'
import { enableShowPassword, focusSummary } from '@althing/web-ui/dom/show-password.ts'
import { enablePasskeys } from './passkey.ts'

// Everything on these pages works without this but passkeys, which no form can ask for.
enableShowPassword()
focusSummary()
keepOnSwitch(() => Date.now())
enablePasskeys()
