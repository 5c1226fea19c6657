"""Says in one line what is missing before anything is installed. Runs on any Python 3, without packages.

python3 site/config/preflight.py [PORT]
"""

import socket
import sys

MINIMUM = (3, 11)


def python_problem():
    """What is wrong with this Python, or None."""
    if sys.version_info < MINIMUM:
        found = "%d.%d" % sys.version_info[:2]
        return "Crosscast needs Python 3.11 or newer; this is %s. Name another: make PYTHON=python3.12 …" % found
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "Python's venv module is missing: install it (Debian and Ubuntu: apt install python3-venv)."
    return None


def port_problem(text):
    """Why the port cannot be used, or None."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        return "PORT=%s is not a port: choose a number from 1024 to 65535." % text
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            return "Port %s is reserved: choose one from 1024 up, such as make run PORT=8001." % text
        except OSError:
            return "Port %s is taken: stop what runs there, or choose another: make run PORT=8001." % text
    return None


def main():
    """Prints the first problem and exits with 1, or exits with 0."""
    problem = python_problem()
    if problem is None and len(sys.argv) > 1:
        problem = port_problem(sys.argv[1])
    if problem:
        sys.exit(problem)


if __name__ == "__main__":
    main()
