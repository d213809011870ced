"""What an add-in has to know about the computer it sits on, behind one small port with a real and a fake machine.

- `port`: `Machine`, what may be asked of a computer; `real`: this one; `fake`: any other, in memory.
- `places`: where Excel keeps add-ins, macros and settings; which Excel it is. `libreoffice`: the same for Calc.
- `conf`: xlwings' settings file, changed key by key. `stamp`: which danggol built an add-in.
- `receipt`: what an install did.
"""
