/** A style that belongs to a script: the bundler takes it out and names it in the manifest. */
declare module '*.css'
