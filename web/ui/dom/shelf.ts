/** Things kept on this device, under a name each: IndexedDB, with only what we need of it. */
export interface Shelf<T> {
  get(key: string): Promise<T | undefined>
  all(): Promise<readonly T[]>
  /** Resolves when the browser has promised to keep it. */
  put(key: string, value: T): Promise<void>
  remove(key: string): Promise<void>
}

/** Whoever can run script on this origin, or sits at this device, can read what lies here. */
export function openShelf<T>(name: string, parse: (value: unknown) => T | undefined): Shelf<T> {
  let opened: Promise<IDBDatabase> | undefined
  const database = () => (opened ??= open(name))

  async function run<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<R>): Promise<R> {
    const transaction = (await database()).transaction('things', mode, { durability: 'strict' })
    const request = act(transaction.objectStore('things'))
    return new Promise((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve(request.result))
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('aborted')))
    })
  }

  return {
    get: async (key) => parse(await run('readonly', (store) => store.get(key))),
    all: async () => {
      const values: unknown[] = await run('readonly', (store) => store.getAll())
      return values.flatMap((value) => parse(value) ?? [])
    },
    put: async (key, value) => void (await run('readwrite', (store) => store.put(value, key))),
    remove: (key) => run('readwrite', (store) => store.delete(key)),
  }
}

function open(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(`althing-${name}`, 1)
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore('things'))
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('no storage')))
    request.addEventListener('blocked', () => reject(new Error('blocked')))
  })
}
