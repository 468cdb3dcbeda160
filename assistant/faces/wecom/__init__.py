"""WeCom (企业微信): one handler of messages behind three ways in.

``desk`` answers a member's message with drafts that grow; ``bot_callback`` serves them to the robot's polls,
``app_callback`` pushes the last one as a message of a self-built app, ``connection`` sends them over the robot's long
connection. Numbers of protocol pages are those of the vendor's document centre.
"""
