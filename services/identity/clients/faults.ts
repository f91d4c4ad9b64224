import { faults } from '@althing/kernel/errors'

export const fault = faults('identity.clients', {
  metadata: [422, 'What is said about the application is not right. Mend the fields that are named.'],
  changed_meanwhile: [
    409,
    'Somebody has changed this application meanwhile. Look at what is there now, and say again what is to be another way.',
  ],
  plan_is_old: [
    409,
    'What is registered is not as it was when this was planned. Nothing was done. Plan again: althing clients plan <file>',
  ],
  not_found: [404, 'This application does not exist, or not any more.'],
  taken: [409, 'There is an application of that id already.'],
  of_settings: [409, 'This application is known by the settings, and is changed there.'],
  has_no_secret: [409, 'This application shows no secret: it proves itself in another way, or not at all.'],
  too_many_secrets: [409, 'Two secrets live at once, and no more. Retire one of them first.'],
  no_secret: [404, 'The application has no such secret, or it is retired already.'],
  end_too_far: [422, 'A secret that is retired ends within a year.'],
  logo: [422, 'A logo is a PNG of up to 64 KB, and up to 1024 points wide and high.'],
  no_logo: [404, 'This application shows no logo.'],
  last_secret: [
    409,
    'This is the only secret. Make a second one first, say a day in the future, or disable the application.',
  ],
})
