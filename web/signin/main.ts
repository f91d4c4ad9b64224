import { enableShowPassword, focusSummary } from '@althing/web-ui/dom/show-password.ts'

// Everything on these pages works without this: it only shows a password and goes to what is wrong.
enableShowPassword()
focusSummary()
