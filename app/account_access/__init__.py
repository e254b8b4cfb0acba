"""Account access: what opens an account, and how its owner gets back in.

Here: credentials, how somebody signs in as those see it who look after the account, changing and
undoing the e-mail address. Not here: identity and suspension (accounts), the owner's own pages
(profile), signing in itself (sign_in).
"""
