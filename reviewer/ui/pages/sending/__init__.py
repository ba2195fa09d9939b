"""What goes to a service that answers from elsewhere: one dialog for all of it.

It shows what would be sent and what that costs, sends it when a person says so, counts along, and can be stopped.
May import what ui may.
"""
