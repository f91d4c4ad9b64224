import { defineTexts } from '@althing/web-ui/texts.ts'
import en from './texts/en.json' with { type: 'json' }
import is from './texts/is.json' with { type: 'json' }

export const adminTexts = defineTexts({ is, en })
