import { z } from 'zod'

/** Our pages may not turn text into code, so the schema library must not even try: the browser would report it. */
z.config({ jitless: true })
