# Why somebody is not let in, or a change to accounts is not made. Never says which part is wrong.

access-refused = The account name, the password or the code is not right.
access-locked = Too many wrong tries for this account.
access-too-many = Too many wrong tries from this address.
access-expired = This session or link has ended.
access-forbidden = This account is not permitted that.
access-unavailable = It cannot be checked just now. Try again shortly.
access-name-invalid = An account name has 3 to 40 letters a to z, digits, dots, underscores or hyphens, and begins with a letter or digit.
access-name-taken = There is an account of that name already.
access-oidc-name-taken = Another account has that name at the provider.
access-no-such-account = There is no account of that name.
access-unit-needed = A head of unit needs a work unit.
access-unit-not-for-role = Only a head of unit has a work unit.
access-last-owner = This is the last system owner who can sign in. Add another first.
access-second-step-there = This account has a second step already.
access-scopes-too-wide = Choose at least one thing the token may do, and no more than this account may.
access-days-out-of-range = A token is good for 1 to 366 days.
access-person-invalid = The full name and the name at the provider have at most 100 characters each.
access-title-invalid = Write what it is for, in at most 100 characters.
access-no-such-id = It is no longer there.
access-disabled = This account is disabled. Enable it first.
access-no-provider = No sign-in provider is set up.
password-too-short = This password is too short: at least 12 characters.
password-too-long = This password is too long: at most 128 characters.
password-guessable = This password is easily guessed. Use a phrase of a few words that have nothing to do with each other.
