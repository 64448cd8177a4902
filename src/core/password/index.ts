export { PasswordHasher } from './password-hasher.js';
export { formatScryptHash, parseScryptHash, type ScryptCost, type ScryptHash } from './scrypt-hash.js';
export { TurnstileFullError } from './turnstile.js';
