"""Keys as Qt knows them."""

from PySide6.QtCore import Qt

MODIFIERS = frozenset({Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta})
"""Those that mean nothing alone. Each comes as a press of its own before the key that it is held for."""
